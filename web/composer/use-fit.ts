import { useEffect, useLayoutEffect } from 'react'
import type { RefObject } from 'react'

/**
 * Keeps a field as high as its text. From the second line on what it stands in is marked `data-tall`, so that where there
 * is little room the text gets all of it. It stays so until the field is empty: else the text would go to and fro.
 */
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
  const place = textarea.parentElement?.dataset ?? {}
  // Without words it is as high as its rows say: to measure it would be to lay out the whole page.
  if (textarea.value === '') {
    delete place['tall']
    return
  }
  if (textarea.scrollHeight > textarea.clientHeight + 1) place['tall'] = ''
  textarea.style.blockSize = `${textarea.scrollHeight}px`
}
