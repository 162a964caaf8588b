import type { Block } from './ast.ts'
import { parseMarkdown, plainTextOf } from './parse.ts'

/** What a message says in one line, without its markup: for lists, notifications and what is read out. */
export function toPlainText(content: string): string {
  return parseMarkdown(content).map(blockText).join(' ').replaceAll(/\s+/g, ' ').trim()
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.children.map(plainTextOf).join('')
    case 'code':
      return block.text
    case 'quote':
      return block.children.map(blockText).join(' ')
    case 'list':
  }
  const { start, items } = block
  const mark = (index: number) => (start === undefined ? '•' : `${start + index}.`)
  return items.map((item, index) => `${mark(index)} ${item.map(blockText).join(' ')}`).join(' ')
}
