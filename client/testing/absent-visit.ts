import type { Visit } from '../realtime/visits.ts'

/** A channel on which nobody else ever is. */
export const absentVisit = (): Visit => ({ publish: () => false, count: async () => undefined, leave() {} })
