import { deliver } from './deliver.ts'
import { hub } from './hub/figure.ts'
import { memory } from './memory.ts'
import { neighbours } from './neighbours.ts'
import { firstLoad } from './page.ts'
import type { Row } from './report.ts'
import type { Scope } from './scope.ts'
import { scale } from './scale/figure.ts'
import { search } from './search/figure.ts'
import { send } from './send.ts'
import { start } from './start.ts'
import { web } from './web/figure.ts'

export type Figure = (scope: Scope) => Promise<Row[]>

/** Every figure by its name. `start` comes first: it builds the page that `page` weighs. */
export const figures: Record<string, Figure> = {
  start,
  memory,
  send,
  neighbours,
  deliver,
  hub,
  scale,
  search,
  page: firstLoad,
  web,
}
