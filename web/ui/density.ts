import { createSetting } from './setting.ts'

/** How much room everything takes; the styles do the rest (`compact:`). */
export type Density = 'comfortable' | 'compact'

export const density = createSetting<Density>({
  key: 'density',
  parse: (stored) => (stored === 'compact' ? stored : undefined),
  initial: 'comfortable',
  apply: (chosen) => {
    document.documentElement.dataset.density = chosen
  },
})
