import '../locales/account-words.ts'
import { say } from '../locales/words.ts'
import { NotificationsSection } from '../notifications/notifications-section.tsx'
import { BackButton, headerClasses } from '../rooms/room-header.tsx'
import { DevicesSection } from '../sessions/devices-section.tsx'
import { PasswordSection } from '../sessions/password-section.tsx'
import { ProfileSection } from '../users/profile-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { PrivacySection } from './privacy-section.tsx'

/** All about one's own account. */
export default function SettingsPage() {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className={headerClasses}>
        <BackButton />
        <h1 className="font-semibold">{say('settings.title')}</h1>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div className="mx-auto w-full max-w-160 px-5 pb-[max(2rem,var(--safe-bottom))] max-wide:px-4">
          <ProfileSection />
          <DevicesSection />
          <PasswordSection />
          <AppearanceSection />
          <NotificationsSection />
          <PrivacySection />
        </div>
      </div>
    </div>
  )
}
