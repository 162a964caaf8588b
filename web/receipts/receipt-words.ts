import type { Receipt } from '@grandchat/client'
import { say } from '../locales/words.ts'

export type State = 'stored' | 'delivered' | 'read'

/** The furthest that anybody has it. */
export function stateOf(receipt: Receipt | undefined): State {
  if (!receipt || receipt.count === 0) return 'stored'
  if (receipt.seen.length > 0) return 'read'
  return receipt.delivered.length > 0 ? 'delivered' : 'stored'
}

export function sayReceipt(receipt: Receipt | undefined, seq: number): string {
  const state = stateOf(receipt)
  if (!receipt || state === 'stored') return say('receipts.stored', { number: seq })
  const { seen, delivered, count } = receipt
  const reached = state === 'read' ? seen.length : delivered.length
  if (count === 1) return say(state === 'read' ? 'receipts.read' : 'receipts.delivered')
  if (reached === count) return say(state === 'read' ? 'receipts.read.all' : 'receipts.delivered.all')
  return say(state === 'read' ? 'receipts.read.some' : 'receipts.delivered.some', { reached, count })
}
