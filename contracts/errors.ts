/** Every `code` that an error answer can carry. Clients choose their own words by it; `detail` is plain English. */
export const errorCodes = [
  'already_member',
  'already_set_up',
  'body_too_large',
  'csrf_failed',
  'database_unavailable',
  'idempotency_key_reused',
  'internal',
  'invalid_credentials',
  'invalid_input',
  'invite_invalid',
  'last_owner',
  'method_not_allowed',
  'not_found',
  'overloaded',
  'permission_denied',
  'rate_limited',
  'room_archived',
  'setup_code_required',
  'sign_in_required',
  'too_many_own_rows',
  'too_many_pins',
  'too_many_reactions',
  'unsupported_media_type',
  'username_taken',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** The body of every answer that is not 2xx. `fields` names what is wrong where, for forms. */
export type ErrorBody = { detail: string; code: ErrorCode; fields?: Record<string, string> }
