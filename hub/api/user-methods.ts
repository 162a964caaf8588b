import { errors, HubError } from '../codes.ts'
import { jsonTextOf } from '../json-text.ts'
import { RawJson } from '../protocol.ts'
import type { ApiContext } from './execute.ts'
import * as field from './fields.ts'
import type { RequestOf } from './fields.ts'
import { decodeBase64 } from './publishing.ts'

const connectionFields = { user: field.string, client: field.string, session: field.string }
const choice = field.object({ value: field.boolean })

export const subscribeFields = {
  ...connectionFields,
  channel: field.string,
  info: field.json,
  b64info: field.string,
  data: field.json,
  b64data: field.string,
  expire_at: field.int64,
  recover_since: field.object({ offset: field.uint64, epoch: field.string }),
  override: field.object({
    presence: choice,
    join_leave: choice,
    force_push_join_leave: choice,
    force_recovery: choice,
    force_positioning: choice,
  }),
}

export const unsubscribeFields = { ...connectionFields, channel: field.string }

export const disconnectFields = {
  ...connectionFields,
  whitelist: field.strings,
  disconnect: field.object({ code: field.uint32, reason: field.string }),
}

export const refreshFields = {
  ...connectionFields,
  expired: field.boolean,
  expire_at: field.int64,
  info: field.json,
}

export function subscribe({ hub }: ApiContext, request: RequestOf<typeof subscribeFields>) {
  const { user = '', channel = '', expire_at = 0, info, b64info, data, b64data, recover_since, override } = request
  hub.subscribe(user, channel, {
    ...which(request),
    expireAt: expire_at,
    info: jsonOrBytes(info, b64info),
    data: jsonOrBytes(data, b64data),
    ...(recover_since && { recoverSince: { offset: 0, epoch: '', ...recover_since } }),
    ...(override && { override: overrideOf(override) }),
  })
  return {}
}

export function unsubscribe({ hub }: ApiContext, request: RequestOf<typeof unsubscribeFields>) {
  hub.unsubscribe(request.user ?? '', request.channel ?? '', which(request))
  return {}
}

export function disconnect({ hub }: ApiContext, request: RequestOf<typeof disconnectFields>) {
  const { user = '', whitelist = [], disconnect } = request
  const told = disconnect && { code: disconnect.code ?? 0, reason: disconnect.reason ?? '' }
  hub.disconnect(user, { ...which(request), whitelist, ...told })
  return {}
}

export function refresh({ hub }: ApiContext, request: RequestOf<typeof refreshFields>) {
  const { user = '', expired = false, expire_at = 0, info } = request
  hub.refresh(user, { ...which(request), expired, expireAt: expire_at, info })
  return {}
}

function which({ client, session }: RequestOf<typeof connectionFields>) {
  return { ...(client && { client }), ...(session && { session }) }
}

/** Only what is there: the rest stays as the namespace says. */
function overrideOf(override: NonNullable<RequestOf<typeof subscribeFields>['override']>) {
  const { presence, join_leave, force_push_join_leave, force_recovery, force_positioning } = override
  return {
    ...(presence && { presence: presence.value ?? false }),
    ...(join_leave && { joinLeave: join_leave.value ?? false }),
    ...(force_push_join_leave && { forcePushJoinLeave: force_push_join_leave.value ?? false }),
    ...(force_recovery && { forceRecovery: force_recovery.value ?? false }),
    ...(force_positioning && { forcePositioning: force_positioning.value ?? false }),
  }
}

/** Infos and data of subscriptions are JSON, however they are brought. */
function jsonOrBytes(json: RawJson | undefined, base64: string | undefined): RawJson | undefined {
  if (!base64) return json
  const text = jsonTextOf(decodeBase64(base64))
  if (text === undefined) throw new HubError(errors.badRequest)
  return new RawJson(text)
}
