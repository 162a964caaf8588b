import { useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode, Ref } from 'react'
import { Virtualizer } from 'virtua'
import type { VirtualizerHandle } from 'virtua'
import { say } from '../locales/words.ts'
import type { Emoji } from './emoji.ts'
import { withTone } from './emoji.ts'
import type { Row } from './groups.ts'

export type GridHandle = { focus: () => void; showGroup: (key: string) => void }

type EmojiGridProps = {
  ref: Ref<GridHandle>
  rows: readonly Row[]
  columns: number
  tone: number
  isSheet: boolean
  onPick: (emoji: Emoji) => void
  onPoint: (emoji: Emoji) => void
}

type Cell = { row: number; column: number }

/** One stop of the Tab key; arrows move inside. Only the lines near the screen exist in the page. */
export function EmojiGrid({ ref, rows, columns, tone, isSheet, onPick, onPoint }: EmojiGridProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const first = { row: nextLine(rows, -1, 1) ?? 0, column: 0 }
  const [chosen, setChosen] = useState<Cell>()
  const active = chosen && isLine(rows[chosen.row]) ? chosen : first
  const movedByKey = useRef(false)
  const lines = rows.filter((row) => isLine(row)).length

  const focus = (cell: Cell) => {
    movedByKey.current = true
    setChosen(cell)
  }
  useImperativeHandle(ref, () => ({
    focus: () => focus(first),
    showGroup: (key) =>
      list.current?.scrollToIndex(
        Math.max(
          0,
          rows.findIndex((row) => row.key === key),
        ),
      ),
  }))
  useEffect(() => {
    if (!movedByKey.current) return
    movedByKey.current = false
    list.current?.scrollToIndex(active.row, { align: 'nearest' })
    const cell = scroller.current?.querySelector<HTMLElement>('[data-active]')
    cell?.focus({ preventScroll: true })
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const next = move(rows, active, event.key, getComputedStyle(event.currentTarget).direction === 'rtl')
    if (!next) return
    event.preventDefault()
    focus(next)
  }
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={-1}
      aria-label={say('emoji.list')}
      aria-rowcount={lines}
      aria-colcount={columns}
      onKeyDown={onKeyDown}
      data-sheet={isSheet || undefined}
      style={{ inlineSize: `calc(${columns} * var(--emoji-cell) + 1rem)` }}
      className="emoji-cells h-(--emoji-list) self-center overflow-y-auto overscroll-contain px-2 outline-none"
    >
      <Virtualizer
        ref={list}
        scrollRef={scroller}
        itemSize={isSheet ? 44 : 36}
        bufferSize={400}
        keepMounted={[active.row]}
      >
        {rows.map((row, index) =>
          'title' in row ? (
            <div
              key={row.key}
              role="presentation"
              className="flex h-8 items-end px-1 pb-1 text-meta font-medium text-soft"
            >
              {say(row.title)}
            </div>
          ) : (
            <Line key={row.key} index={row.index}>
              {row.emoji.map((emoji, column) => (
                <EmojiCell
                  key={emoji.codes[0]}
                  emoji={emoji}
                  glyph={withTone(emoji, tone)}
                  column={column}
                  isActive={index === active.row && column === active.column}
                  onPick={onPick}
                  onPoint={onPoint}
                  onFocus={() => setChosen({ row: index, column })}
                />
              ))}
            </Line>
          ),
        )}
      </Virtualizer>
    </div>
  )
}

function Line({ index, children }: { index: number; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- rows of a table cannot be laid out by a virtual list
    <div role="row" tabIndex={-1} aria-rowindex={index + 1} className="flex">
      {children}
    </div>
  )
}

type EmojiCellProps = {
  emoji: Emoji
  glyph: string
  column: number
  isActive: boolean
  onPick: (emoji: Emoji) => void
  onPoint: (emoji: Emoji) => void
  onFocus: () => void
}

function EmojiCell({ emoji, glyph, column, isActive, onPick, onPoint, onFocus }: EmojiCellProps) {
  return (
    <button
      type="button"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a cell that is pressed, in a grid that scrolls
      role="gridcell"
      aria-label={emoji.name}
      aria-colindex={column + 1}
      data-active={isActive || undefined}
      tabIndex={isActive ? 0 : -1}
      onClick={() => onPick(emoji)}
      onPointerEnter={() => onPoint(emoji)}
      onFocus={() => {
        onFocus()
        onPoint(emoji)
      }}
      className="no-tap-zoom flex size-(--emoji-cell) shrink-0 items-center justify-center rounded-control text-[1.375rem] leading-none hover:bg-hover focus-visible:bg-chosen"
    >
      {glyph}
    </button>
  )
}

function isLine(row: Row | undefined): row is Extract<Row, { emoji: readonly Emoji[] }> {
  return row !== undefined && 'emoji' in row
}

function nextLine(rows: readonly Row[], from: number, step: 1 | -1): number | undefined {
  for (let at = from + step; at >= 0 && at < rows.length; at += step) if (isLine(rows[at])) return at
  return undefined
}

/** Where a key leads; undefined for keys that are not the grid's. */
function move(rows: readonly Row[], { row, column }: Cell, key: string, isRtl: boolean): Cell | undefined {
  const width = (at: number) => {
    const line = rows[at]
    return isLine(line) ? line.emoji.length : 0
  }
  const clamp = (at: number) => ({ row: at, column: Math.min(column, width(at) - 1) })
  const aside = (step: 1 | -1): Cell => {
    if (column + step >= 0 && column + step < width(row)) return { row, column: column + step }
    const next = nextLine(rows, row, step)
    return next === undefined ? { row, column } : { row: next, column: step === 1 ? 0 : width(next) - 1 }
  }
  switch (key) {
    case 'ArrowDown':
      return clamp(nextLine(rows, row, 1) ?? row)
    case 'ArrowUp':
      return clamp(nextLine(rows, row, -1) ?? row)
    case 'ArrowRight':
      return aside(isRtl ? -1 : 1)
    case 'ArrowLeft':
      return aside(isRtl ? 1 : -1)
    case 'Home':
      return { row, column: 0 }
    case 'End':
      return { row, column: width(row) - 1 }
    case 'PageDown':
      return clamp(nextLine(rows, Math.min(rows.length - 2, row + 6), 1) ?? row)
    case 'PageUp':
      return clamp(nextLine(rows, Math.max(1, row - 6), -1) ?? nextLine(rows, -1, 1) ?? row)
    default:
      return undefined
  }
}
