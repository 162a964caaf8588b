/** What JSON calls an object. */
export type Tree = Record<string, unknown>

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path of names divided by dots. */
export function valueAt(tree: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (isTree(value) ? value[step] : undefined), tree)
}

/** Leaves a tree alone that has something else than an object on the way. */
export function setAt(tree: Tree, path: string, value: unknown): void {
  const [step = '', ...rest] = path.split('.')
  if (rest.length === 0) {
    tree[step] = value
    return
  }
  const below = (tree[step] ??= {})
  if (isTree(below)) setAt(below, rest.join('.'), value)
}
