import { createContext, useContext } from 'react'

/** Who and what a message may mention. What nobody here is called stays text. */
export type Names = {
  findUser: (username: string) => { name: string; isMe: boolean } | undefined
  findRoom: (name: string) => { id: number; name: string } | undefined
}

const nobody: Names = { findUser: () => undefined, findRoom: () => undefined }

const NamesContext = createContext<Names>(nobody)
export const NamesProvider = NamesContext.Provider

export function useNames(): Names {
  return useContext(NamesContext)
}
