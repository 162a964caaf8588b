/**
 * Copies a text that also stands in `field`. Pages on plain HTTP (a server in the local network) have no
 * `navigator.clipboard`; there the old way is tried, and at worst the text is left selected.
 */
export async function copyText(text: string, field: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    field.focus()
    field.select()
    // oxlint-disable-next-line typescript/no-deprecated -- the only way in an insecure context
    return document.execCommand?.('copy') ?? false
  }
}
