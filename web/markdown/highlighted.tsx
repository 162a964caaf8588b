import { useDeferredValue, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import type * as Module from './highlighter.ts'

type Highlighter = typeof Module

let loaded: Highlighter | undefined

/** Code with its colours, which come later and move nothing: the same letters in the same face. */
export function Highlighted({ text, language }: { text: string; language: string }): ReactNode {
  const [highlighter, setHighlighter] = useState(loaded)
  const isWanted = language !== ''
  useEffect(() => {
    if (!isWanted || highlighter) return undefined
    let isMounted = true
    import('./highlighter.ts').then(
      (module) => {
        loaded = module
        if (isMounted) setHighlighter(module)
      },
      () => undefined,
    )
    return () => {
      isMounted = false
    }
  }, [isWanted, highlighter])
  // Letters first: colours are worked out when there is nothing more urgent to draw.
  const wanted = useDeferredValue(isWanted ? highlighter : undefined, undefined)
  const colours = wanted?.highlight(text, language)
  return colours ? <Coloured colours={colours} /> : text
}

function Coloured({ colours }: { colours: Module.Colours }): ReactNode {
  return colours.map((part, index) =>
    typeof part === 'string' ? (
      part
    ) : (
      // oxlint-disable-next-line react/no-array-index-key -- the parts of one text never move
      <span key={index} data-code={part.kind}>
        <Coloured colours={part.inside} />
      </span>
    ),
  )
}
