/**
 * A small part of ICU MessageFormat, enough for our words: `{name}`, and
 * `{count, plural, =0 {none} one {# room} other {# rooms}}`, where `#` is the count. Plurals do not nest.
 */

/** The names that a text wants, read off the text itself so that a forgotten one does not compile. */
export type NamesIn<Text extends string> = Text extends `${string}{${infer Rest}`
  ? NameAtStart<Rest> | NamesIn<Rest>
  : never

type NameAtStart<Rest extends string> = Rest extends `${infer Inside}}${string}`
  ? Inside extends `${infer Name},${string}`
    ? WordOnly<Name>
    : WordOnly<Inside>
  : never

/** Text of a plural's form has a space or a `#` in it, a name never. */
type WordOnly<Name extends string> = Name extends `${string} ${string}` | `${string}#${string}` ? never : Name

export type Values = Record<string, string | number>

const placeholder = /\{(\w+)(?:, plural, ((?:(?:=\d+|\w+) \{[^{}]*\} ?)+))?\}/g
const form = /(=\d+|\w+) \{([^{}]*)\}/g

export function formatMessage(locale: string, text: string, values: Values): string {
  return text.replace(placeholder, (_, name: string, forms: string | undefined) => {
    const value = values[name] ?? ''
    return forms === undefined ? String(value) : formatPlural(locale, Number(value), forms)
  })
}

function formatPlural(locale: string, count: number, forms: string): string {
  const texts = new Map([...forms.matchAll(form)].map((match) => [match[1], match[2] ?? '']))
  const text = texts.get(`=${count}`) ?? texts.get(pluralRules(locale).select(count)) ?? texts.get('other') ?? ''
  return text.replaceAll('#', numberFormat(locale).format(count))
}

const pluralRulesByLocale = new Map<string, Intl.PluralRules>()

function pluralRules(locale: string): Intl.PluralRules {
  const known = pluralRulesByLocale.get(locale)
  if (known) return known
  const rules = new Intl.PluralRules(locale)
  pluralRulesByLocale.set(locale, rules)
  return rules
}

export const numberFormat = rememberFormat({})

/** "1.2K". */
export const shortNumberFormat = rememberFormat({ notation: 'compact', maximumFractionDigits: 1 })

/** To make a format takes longer than all else that a label needs. */
function rememberFormat(options: Intl.NumberFormatOptions): (locale: string) => Intl.NumberFormat {
  const formats = new Map<string, Intl.NumberFormat>()
  return (locale) => {
    const known = formats.get(locale)
    if (known) return known
    const format = new Intl.NumberFormat(locale, options)
    formats.set(locale, format)
    return format
  }
}
