import { useEffect, useLayoutEffect } from 'react'
import type { RefObject } from 'react'

/** Keeps a field as high as its text. */
export function useFit(field: RefObject<HTMLTextAreaElement | null>): void {
  useLayoutEffect(() => fit(field.current))
  useEffect(() => {
    const again = () => fit(field.current)
    addEventListener('resize', again)
    return () => removeEventListener('resize', again)
  }, [field])
}

function fit(textarea: HTMLTextAreaElement | null): void {
  if (!textarea) return
  textarea.style.blockSize = 'auto'
  // Without words it is as high as its rows say: to measure it would be to lay out the whole page.
  if (textarea.value === '') return
  textarea.style.blockSize = `${textarea.scrollHeight}px`
}
