import type { SettingName, Settings } from '@grandchat/contracts/own-rows/kinds'
import type { Client } from '../client.ts'
import { type Observable, derive } from '../observable.ts'
import type { Keep, OwnRows } from './own-rows.ts'

/** Choices that follow the viewer from device to device. */
export function createSettings(ownRows: OwnRows, keep: Keep): Client['settings'] {
  const rows = ownRows.of('setting')
  const values = new Map<SettingName, Observable<unknown>>()
  return {
    get<Name extends SettingName>(name: Name) {
      const value = values.get(name) ?? derive(rows, (settings) => settings.get(name))
      values.set(name, value)
      return value as Observable<Settings[Name] | undefined>
    },
    set: (name, value) => keep({ kind: 'setting', key: name, value: value ?? null }),
  }
}
