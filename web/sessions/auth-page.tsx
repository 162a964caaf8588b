import { useRef } from 'react'
import type { ReactNode } from 'react'
import { Logo } from '../ui/logo.tsx'
import { useArrivalFocus } from '../ui/use-arrival-focus.ts'

/** The page around every form that stands before the app: one narrow column, a little above the middle. */
export function AuthPage({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  const main = useRef<HTMLElement>(null)
  useArrivalFocus(main, 'input')
  return (
    <main ref={main} className="flex min-h-dvh flex-col items-center bg-side px-5 pt-[max(3rem,14dvh)] pb-12">
      <div className="w-full max-w-[22.5rem]">
        <Logo size={40} />
        <h1 className="mt-6 text-title font-semibold text-balance">{title}</h1>
        {text !== undefined && <p className="mt-1.5 text-pretty text-soft">{text}</p>}
        <div className="mt-7">{children}</div>
      </div>
    </main>
  )
}
