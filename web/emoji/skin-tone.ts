import { createSetting } from '../ui/setting.ts'

/** 0 is the yellow of no tone; 1 to 5 are light to dark. */
export const skinTone = createSetting<number>({
  key: 'skin-tone',
  parse: (stored) => (/^[1-5]$/.test(stored) ? Number(stored) : undefined),
  initial: 0,
  apply: () => undefined,
})
