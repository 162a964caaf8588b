/** A moment as the contract writes it. */
export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z')
}
