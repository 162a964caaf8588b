/** What people said, oldest first: minutes before now, who, what. A leading `*` marks a system line. */
export type Said = [minutesAgo: number, username: string, content: string]

const day = 24 * 60

export const conversations: Record<string, Said[]> = {
  design: [
    [3 * day + 130, 'maya', '*created'],
    [3 * day + 128, 'maya', 'A place for everything that has a pixel in it. Please keep screenshots small.'],
    [3 * day + 95, 'jonas', '*joined'],
    [3 * day + 94, 'priya', '*joined'],
    [3 * day + 60, 'jonas', 'Started with the empty states, since nobody ever does.'],
    [
      3 * day + 59,
      'jonas',
      'Draft: https://files.example.org/design/empty-states?v=3 (the second page is the interesting one)',
    ],
    [3 * day + 30, 'priya', 'I like the second one. The first action is obvious and the rest steps back.'],
    [day + 400, 'tomasz', '*joined'],
    [day + 396, 'tomasz', 'Hi all. Where do the icons live?'],
    [day + 391, 'maya', 'In one set, drawn on the same grid. Ask me before adding one, we try to keep it under sixty.'],
    [day + 390, 'maya', 'And no emoji as icons, please. They look different on every machine.'],
    [
      day + 20,
      'priya',
      'Contrast report for the dark theme:\n\n  body      14.1\n  secondary  7.2\n  disabled   3.4\n\nOnly the last one is below 4.5, and it is meant to be.',
    ],
    [
      190,
      'jonas',
      'Morning. The new list keeps its place when older messages arrive. I scrolled through 40,000 of them and it never jumped.',
    ],
    [188, 'jonas', 'It is quick, too.'],
    [176, 'priya', 'Can we make the day separator stick? I lose track of where I am after a while.'],
    [171, 'jonas', 'Done, it is on the branch.'],
    [
      64,
      'maya',
      'Looks right to me. Two small things:\n1. the hover time should line up with the name above it\n2. the pill covers the last line on small screens',
    ],
    [61, 'jonas', 'Good eyes. Both fixed.'],
    [
      12,
      'tomasz',
      'The release notes are at https://example.org/notes/2026-11#list if somebody wants to check the wording.',
    ],
    [9, 'priya', 'Reading them now'],
    [4, 'priya', 'One typo in the second paragraph, otherwise lovely.'],
  ],
  general: [
    [9 * day, 'elena', '*created'],
    [2 * day + 220, 'elena', 'Office is closed on Thursday, the heating is being replaced.'],
    [2 * day + 200, 'sam', 'Finally :)'],
    [300, 'yusuf', 'Who has the projector?'],
    [262, 'sam', 'I do. Bringing it back after lunch.'],
    [33, 'elena', 'Lunch is here. There is more than enough, come down while it is warm.'],
  ],
  'incident-2026-11': [
    [5 * day + 30, 'tomasz', '*created'],
    [5 * day + 29, 'tomasz', 'Disk on db-2 is at 94 %. Nothing is down. I am moving the old backups.'],
    [5 * day + 10, 'maya', 'Thanks. Tell me if you need another pair of hands.'],
    [5 * day, 'tomasz', 'Done, 41 %. Closing.'],
  ],
  'book club': [
    [20 * day, 'hana', '*created'],
    [6 * day + 90, 'hana', 'Next: “The Summer Book”, Tove Jansson. Until the first of December?'],
    [6 * day + 40, 'noa', 'מצוין, כבר התחלתי לקרוא'],
  ],
  'Hiring, private notes': [
    [40 * day, 'elena', '*created'],
    [
      34 * day,
      'elena',
      'Please write up your notes the same day, while you remember the answers and not only the impression.',
    ],
  ],
}

const small = ['Yes.', 'Agreed.', 'On it.', 'Let me check that and come back to you.', 'Looks good here as well.']
const big =
  'I went through the whole list again and I think we can drop the third step: nobody used it in the last month, and the two people who did found it by accident.'

/** A long history for scrolling through, made up from few words. */
export function longConversation(count: number): Said[] {
  const who = ['maya', 'jonas', 'priya', 'tomasz', 'sam']
  return Array.from({ length: count }, (_, i): Said => {
    const left = count - i
    const text = i % 7 === 3 ? big : `${small[i % small.length]} (${i + 1})`
    return [left * 13 + (i % 3), who[Math.floor(i / 2) % who.length] ?? 'maya', text]
  })
}
