/** Told to every client that connects. */
export const version = '0.1.0'
