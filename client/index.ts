export type * from './client.ts'
export type { Observable } from './observable.ts'
