/** Copies code. Pages on plain HTTP have no `navigator.clipboard`: there it is selected, and copied in the old way. */
export async function copyCode(text: string, shown: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown)
    // oxlint-disable-next-line typescript/no-deprecated -- the only way in an insecure context
    return document.execCommand?.('copy') ?? false
  }
}
