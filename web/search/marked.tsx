import { useMemo } from 'react'
import type { Snippet } from '@grandchat/contracts/search/schema'
import { say } from '../locales/words.ts'
import { plainSnippet } from './plain-snippet.ts'

/** A piece of a message with what was found in it marked: text, without the markup of the message. */
export function Marked({ snippet }: { snippet: Snippet }) {
  const {
    text,
    marks,
    is_cut_before: isCutBefore,
    is_cut_after: isCutAfter,
  } = useMemo(() => plainSnippet(snippet), [snippet])
  const ends = [0, ...marks.map(([, end]) => end)]
  return (
    <>
      {isCutBefore && say('search.cut')}
      {marks.map(([start, end], i) => (
        <span key={start}>
          {text.slice(ends[i], start)}
          <mark className="search-mark">{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(ends.at(-1))}
      {isCutAfter && say('search.cut')}
    </>
  )
}
