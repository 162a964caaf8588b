import { createSetting } from './setting.ts'

/** How much moves; `system` does as the device says. */
export type Motion = 'system' | 'reduced' | 'full'

export const motion = createSetting<Motion>({
  key: 'motion',
  parse: (stored) => (stored === 'reduced' || stored === 'full' ? stored : undefined),
  initial: 'system',
  apply: (chosen) => {
    document.documentElement.dataset.motion = chosen
  },
})
