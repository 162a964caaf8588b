import { createSetting } from '../ui/setting.ts'
import { speak, type Translation } from './words.ts'

export const languages = ['en', 'de', 'ar'] as const
export type Language = (typeof languages)[number]

/** What the person chose; `browser` follows what the browser prefers. */
export type LanguageChoice = Language | 'browser'

/** Each language calls itself what it is called by those who read it. */
export const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch', ar: 'العربية' }

const loaders: Record<Language, () => Promise<Translation | undefined>> = {
  en: async () => undefined,
  de: async () => (await import('./de.ts')).de,
  ar: async () => (await import('./ar.ts')).ar,
}

export function isLanguage(text: unknown): text is Language {
  return languages.some((language) => language === text)
}

/** The first of the languages that a browser prefers which the app is written in, or English. */
export function preferredLanguage(preferred: readonly string[]): Language {
  return preferred.map((tag) => tag.split('-')[0]?.toLowerCase()).find(isLanguage) ?? 'en'
}

export function isRightToLeft(language: Language): boolean {
  return language === 'ar'
}

/** `apply` is nothing: the words must be there first, and `followLanguage` gets them. */
export const language = createSetting<LanguageChoice>({
  key: 'language',
  parse: (stored) => (isLanguage(stored) ? stored : undefined),
  initial: 'browser',
  apply: () => undefined,
})

/** Gets the words of what is chosen and speaks them; English where they cannot be had. */
export async function loadLanguage(choice: LanguageChoice = language.get()): Promise<Language> {
  const wanted = choice === 'browser' ? preferredLanguage(navigator.languages) : choice
  const texts = await loaders[wanted]().catch(() => undefined)
  const spoken = texts === undefined ? 'en' : wanted
  // While the words came, somebody may have chosen otherwise: then those are on their way.
  if (choice === language.get()) {
    speak(spoken, texts)
    document.documentElement.lang = spoken
    document.documentElement.dir = isRightToLeft(spoken) ? 'rtl' : 'ltr'
  }
  return spoken
}
