import { createSetting } from './setting.ts'

/** How much moves; `system` does as the device says. */
export type Motion = 'system' | 'reduced'

export const motion = createSetting<Motion>({
  key: 'motion',
  parse: (stored) => (stored === 'reduced' ? stored : undefined),
  initial: 'system',
  apply: (chosen) => {
    document.documentElement.dataset.motion = chosen
  },
})
