let count = 0

/** A channel that no other test of the file has. */
export const newChannel = (namespace: string) => `${namespace}:${++count}`
/** A user whom no other test of the file has. */
export const newUser = (name = 'ann') => `${name}${++count}`
