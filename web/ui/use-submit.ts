import { useState } from 'react'
import type { FormEvent } from 'react'
import { problemOf } from '../locales/words.ts'
import type { Problem } from '../locales/words.ts'

const nothing: Problem = { text: '', fields: {} }

type Submit = {
  busy: boolean
  problem: Problem | undefined
  /** What is wrong with one field, if anything. */
  problemAt: (field: string) => string | undefined
  /** The whole form's problem, if it is not said at a field already. */
  whole: string | undefined
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

/**
 * Sends a form once at a time. `check` finds what is wrong before anything is sent; the first field in trouble gets
 * the focus.
 */
export function useSubmit(check: () => Record<string, string>, send: () => Promise<void>): Submit {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    const form = event.currentTarget
    const refuse = (found: Problem) => {
      setProblem(found)
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
    }
    const fields = check()
    if (Object.keys(fields).length > 0) return refuse({ ...nothing, fields })
    setBusy(true)
    setProblem(undefined)
    send()
      .catch((error: unknown) => refuse(problemOf(error)))
      .finally(() => setBusy(false))
  }

  const hasFields = problem !== undefined && Object.keys(problem.fields).length > 0
  return {
    busy,
    problem,
    problemAt: (field) => problem?.fields[field],
    whole: problem === undefined || hasFields ? undefined : problem.text,
    onSubmit,
  }
}
