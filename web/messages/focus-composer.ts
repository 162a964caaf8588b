/** Where writing goes on after something that had the focus is done with. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>('textarea[name="message"]')?.focus()
}
