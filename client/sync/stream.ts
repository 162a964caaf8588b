/** A stream of whole rows, as a user's own or the workspace's: the version up to which every change is known. */
export type Stream = {
  readonly version: number
  /** Changes arrived that others must come before. */
  readonly hasGap: boolean
  /** A change of this version was applied; false if it was known already. */
  arrive: (version: number) => boolean
  /** An answer covered every change up to this version. */
  reach: (version: number) => void
  reset: () => void
}

export function createStream(): Stream {
  let known = 0
  const ahead = new Set<number>()

  function settle() {
    while (ahead.delete(known + 1)) known++
    for (const version of ahead) if (version <= known) ahead.delete(version)
  }

  return {
    get version() {
      return known
    },
    get hasGap() {
      return ahead.size > 0
    },
    arrive(version) {
      if (version <= known) return false
      ahead.add(version)
      settle()
      return true
    },
    reach(version) {
      known = Math.max(known, version)
      settle()
    },
    reset() {
      known = 0
      ahead.clear()
    },
  }
}
