/** Made-up languages that look like the real ones: common words as they are, the rest from syllables. */
export type Language = { name: string; share: number; words: readonly string[]; joint: string }

/** Numbers from 0 to 1, the same at every run. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const common = {
  english:
    'the to and a of I it you in is that for on we this be have with not are can but do at as if will so what was just there or your from an they like all get when one has new about would out see need time know think should how could good up them work team update please meeting today',
  german:
    'die der und ich das ist nicht zu es wir sie ein in den mit auf für eine auch so von noch aber wie über können schön größe müssen heute',
  french:
    'de la le et les des en un est que pas pour vous je il dans une qui nous ça été déjà être réunion aujourd’hui',
  russian: 'и в не на я что с это как по но мы к за так у же вы от он ещё всё есть или если сегодня встреча',
}
const syllables = {
  english:
    'ba con der en fi gra hol in jus ker lan mo ner op pre qua ris sta ter un ver wil xy yel za ing tion ment able ness'.split(
      ' ',
    ),
  german:
    'ab ber chen dorf ein fahr ge haus ig keit lich mann nach ord prüf ring schaft tung über ver wöh zeit stück'.split(
      ' ',
    ),
  french: 'au bou cé dé eu fran gé hé ieu jou lé mer nou oui pré que ré sou té ville voi ça être ion'.split(' '),
  russian: 'ба ве го до жи за ка ло мо на об по ра со та ус фор хо ци ше эк ют ять ние ство ный'.split(' '),
}
const chinese =
  '的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴'

/** Words in the order of how often they are used. */
export function makeLanguages(random: () => number, size = 60_000): Language[] {
  const latin = (name: keyof typeof common, share: number): Language => ({
    name,
    share,
    joint: ' ',
    words: [...new Set([...common[name].split(' '), ...makeWords(random, syllables[name], size)])],
  })
  const letters = Array.from(chinese)
  const pairs = Array.from(
    { length: size / 4 },
    () => letters[zipf(random, letters.length)]! + letters[zipf(random, letters.length)]!,
  )
  return [
    latin('english', 0.6),
    latin('german', 0.12),
    latin('french', 0.08),
    latin('russian', 0.08),
    { name: 'chinese', share: 0.12, joint: '', words: [...new Set([...letters.slice(0, 60), ...pairs])] },
  ]
}

function makeWords(random: () => number, parts: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => {
    const length = 2 + Math.floor(random() * 3)
    return Array.from({ length }, () => parts[Math.floor(random() * parts.length)]!).join('')
  })
}

/** A place in a list of which the n-th is used about 1/n as often as the first. */
export function zipf(random: () => number, size: number): number {
  return Math.min(size - 1, Math.floor(size ** random()) - 1)
}

/** A message of one to thirty words, most of them short. */
export function makeText(random: () => number, { words, joint }: Language): string {
  const length = 1 + Math.floor(24 * random() ** 1.6) + (joint ? 0 : 4)
  const text = Array.from({ length }, () => words[zipf(random, words.length)]!).join(joint)
  const sentence = text.charAt(0).toUpperCase() + text.slice(1)
  const chance = random()
  if (chance < 0.03)
    return `${sentence} https://example.com/${words[zipf(random, words.length)]}/${Math.floor(random() * 9999)}`
  if (chance < 0.04) return `${sentence} \`${words[zipf(random, words.length)]}()\``
  return chance < 0.5 ? `${sentence}.` : sentence
}
