import type { Block } from './ast.ts'
import { plainTextOf } from './parse.ts'

const longFrom = { lines: 18, charactersOfLine: 78 }

/** Does a message take more of the screen than one should at once? Code folds by itself and counts little. */
export function isLong(blocks: readonly Block[]): boolean {
  return linesOf(blocks) > longFrom.lines
}

function linesOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + linesOfBlock(block), 0)
}

function linesOfBlock(block: Block): number {
  switch (block.type) {
    case 'code':
      return 3
    case 'quote':
      return linesOf(block.children)
    case 'list':
      return block.items.reduce((sum, item) => sum + linesOf(item), 0)
    case 'text':
  }
  const lines = block.children.map(plainTextOf).join('').split('\n')
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / longFrom.charactersOfLine)), 0)
}
