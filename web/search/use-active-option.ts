import { useState } from 'react'
import type { KeyboardEvent } from 'react'

/**
 * The option of a combobox that Enter means, moved by arrows while the field keeps the focus. Without `hasDefault` nothing is
 * meant until one is pointed at.
 */
export function useActiveOption<Option extends { id: string }>(
  options: readonly Option[],
  choose: (option: Option) => void,
  hasDefault: boolean,
) {
  const [pointed, setPointed] = useState<string>()
  const at = options.findIndex(({ id }) => id === pointed)
  const active = options[at] ?? (hasDefault ? options[0] : undefined)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Enter') {
      const meant = active ?? options[0]
      if (!meant) return
      event.preventDefault()
      choose(meant)
      return
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 || options.length === 0) return
    event.preventDefault()
    const from = active ? options.indexOf(active) : step === 1 ? -1 : 0
    setPointed(options[(from + step + options.length) % options.length]?.id)
  }
  return { id: active?.id, onKeyDown, point: setPointed }
}
