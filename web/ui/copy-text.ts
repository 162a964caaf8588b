/**
 * Copies a text. Pages on plain HTTP (a server in the local network) have no `navigator.clipboard`; there the old way is
 * tried with the `field` that shows the text, which is at worst left selected, or with one made for the moment.
 */
export async function copyText(text: string, field?: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return field ? copyFrom(field) : copyFromNowhere(text)
  }
}

function copyFrom(field: HTMLInputElement | HTMLTextAreaElement): boolean {
  field.focus()
  field.select()
  // oxlint-disable-next-line typescript/no-deprecated -- the only way in an insecure context
  return document.execCommand?.('copy') ?? false
}

function copyFromNowhere(text: string): boolean {
  const active = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'sr-only'
  field.readOnly = true
  document.body.append(field)
  const isCopied = copyFrom(field)
  field.remove()
  if (active instanceof HTMLElement) active.focus({ preventScroll: true })
  return isCopied
}
