import { afterEach, expect, test } from 'vitest'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { enAccount } from './en-account.ts'
import { enCatchingUp } from './en-catching-up.ts'
import { en, enErrors, enProblems } from './en.ts'
import { languageNames, languages, loadLanguage, preferredLanguage } from './languages.ts'
import { problemOf, say, sayCount, sayInside, sayNames, sayNumber, sayProblem, speak, spokenLanguage } from './words.ts'

const english: Record<string, string> = { ...en, ...enAccount, ...enCatchingUp }
const translations = { de, ar }

afterEach(() => {
  speak('en')
  localStorage.clear()
})

/** Names that a text wants, those of the plurals' forms left out. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)(?:\}|, plural)/g)].map((match) => match[1] ?? '').toSorted()
}

function formsIn(text: string): string[] {
  const forms = text.split(', plural,')[1] ?? ''
  return [...forms.matchAll(/([=\w]+) \{/g)].map((match) => match[1] ?? '')
}

test.each(languages.filter((language) => language !== 'en'))('%s says everything that English says', (language) => {
  const { words, errors, problems } = translations[language]
  expect(Object.keys(words).toSorted()).toEqual(Object.keys(english).toSorted())
  expect(Object.keys(errors)).toEqual(Object.keys(enErrors))
  expect(Object.keys(problems)).toEqual(expect.arrayContaining(Object.keys(enProblems)))
  for (const [key, text] of Object.entries(words)) {
    expect(namesIn(text), key).toEqual(namesIn(english[key] ?? ''))
    expect(text.trim(), key).not.toBe('')
    expect(text, `${key} has quotes of another language`).not.toMatch(/[“"]\{|!/)
  }
  for (const text of [...Object.values(errors), ...Object.values(problems)]) expect(text).toMatch(/\.$/)
})

test.each(languages)('%s has all forms of a plural', (language) => {
  const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  const words: Record<string, string> = language === 'en' ? english : translations[language].words
  const plurals = Object.entries(words).filter(([, text]) => text.includes(', plural,'))
  expect(plurals.length).toBeGreaterThan(10)
  for (const [key, text] of plurals) expect(formsIn(text), `${language} ${key}`).toEqual(expect.arrayContaining(wanted))
})

test('plurals, numbers and lists follow the language', () => {
  speak('ar', ar)
  const said = [0, 1, 2, 3, 11, 100, 1_204].map((count) => say('rooms.members', { count }))
  expect(said).toEqual(['لا أعضاء', 'عضو واحد', 'عضوان', '3 أعضاء', '11 عضوًا', '100 عضو', '1,204 أعضاء'])
  expect(sayNames(['Ann', 'Bob'], 2)).toBe('Ann وBob')
  speak('de', de)
  expect(say('rooms.members', { count: 1_204 })).toBe('1.204 Mitglieder')
  expect([sayNumber(1_204.5), sayNames(['Ann', 'Bob'], 2), sayInside('Name')]).toEqual([
    '1.204,5',
    'Ann und Bob',
    'Name',
  ])
  expect(sayCount(1_200_000)).toMatch(/^1,2\sMio\.$/)
})

test('a refusal is told in the language, with the numbers that the server named', () => {
  speak('de', de)
  expect(problemOf({ code: 'not_found' }).text).toBe(de.errors.not_found)
  expect(problemOf('nonsense').text).toBe(de.errors.unknown)
  expect(sayProblem('use 2 to 32 characters')).toBe('Nimm 2 bis 32 Zeichen.')
  expect(sayProblem('use at least 8 characters')).toBe('Nimm mindestens 8 Zeichen.')
})

test('who never chose reads the first language of the browser that there is', () => {
  expect(preferredLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de')
  expect(preferredLanguage(['AR-EG'])).toBe('ar')
  expect(preferredLanguage(['fr', 'den'])).toBe('en')
  expect(preferredLanguage([])).toBe('en')
  expect(Object.keys(languageNames)).toEqual([...languages])
})

test('a language comes with its direction, and goes with it', async () => {
  const { lang, dir } = document.documentElement
  localStorage.setItem('language', 'ar')
  expect(await loadLanguage()).toBe('ar')
  expect([document.documentElement.lang, document.documentElement.dir, say('app.save')]).toEqual(['ar', 'rtl', 'حفظ'])
  localStorage.setItem('language', 'en')
  expect(await loadLanguage()).toBe('en')
  expect([document.documentElement.lang, document.documentElement.dir, say('app.save')]).toEqual(['en', 'ltr', 'Save'])
  Object.assign(document.documentElement, { lang, dir })
})

test('words that come after another was chosen are not spoken', async () => {
  localStorage.setItem('language', 'de')
  const late = loadLanguage()
  localStorage.setItem('language', 'en')
  await late
  expect(spokenLanguage()).toBe('en')
})
