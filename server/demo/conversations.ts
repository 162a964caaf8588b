/** What people say in the demo: [minutes before now, who, text, what it answers by its first words]. Older first. */
export type Line = [minutesAgo: number, author: string, text: string, answers?: string]
/** A direct room has no name and no topic. */
export type DemoRoom = {
  name: string
  kind: 'public' | 'private' | 'direct'
  topic: string
  members: string[]
  lines: Line[]
}

export const people = ['ann', 'bob', 'chandra', 'dmitri', 'elena', 'farid', 'grace', 'hana']

/** What they do, of those who say so. */
export const titles: Record<string, string> = {
  ann: 'Product',
  bob: 'Support, and the coffee machine',
  chandra: 'Databases',
  dmitri: 'Backend',
  elena: 'Design',
  grace: 'Operations',
}

const day = 24 * 60

/** What people do to what was said, which is named by its first words. */
export type Touch = { room: string; message: string } & (
  | { emoji: string; by: string[] }
  | { pinnedBy: string }
  | { correctedTo: string }
  | { thread: [author: string, text: string][] }
)

export const touches: Touch[] = [
  { room: 'Centrifugo', message: 'proxy_read_timeout', emoji: '🙏', by: ['ann', 'grace'] },
  {
    room: 'Centrifugo',
    message: 'So at least once',
    correctedTo: 'So at least once, and the client drops what it has seen.',
  },
  { room: 'Centrifugo', message: 'We just passed', emoji: '🎉', by: ['elena', 'ann', 'bob', 'dmitri', 'hana'] },
  { room: 'Centrifugo', message: 'We just passed', emoji: '🚀', by: ['chandra', 'farid'] },
  { room: 'Centrifugo', message: 'Also check that', pinnedBy: 'grace' },
  {
    room: 'Centrifugo',
    message: 'We just passed',
    thread: [
      ['chandra', 'Which kernel settings did you have to touch?'],
      ['grace', 'Only the limit of open files: `ulimit -n 65536`. Everything else is as it came.'],
      ['ann', 'Could you write that down where we find it again?'],
      ['grace', 'Done, it is in the runbook.'],
    ],
  },
  { room: 'Movies', message: 'Watched Stalker again', emoji: '❤️', by: ['bob', 'ann'] },
  { room: 'Movies', message: 'For a month', emoji: '😂', by: ['grace', 'hana', 'elena'] },
  { room: 'Movies', message: 'The small cinema', pinnedBy: 'ann' },
  { room: 'Movies', message: 'Row 7', emoji: '👍', by: ['bob'] },
  { room: 'Programming', message: 'It was production', emoji: '😂', by: ['chandra', 'bob', 'ann', 'grace'] },
  { room: 'Programming', message: 'No enums', emoji: '👀', by: ['chandra'] },
  { room: 'Programming', message: 'Read it twice', emoji: '💯', by: ['grace', 'farid'] },
  { room: 'Football', message: 'You were the referee', emoji: '😂', by: ['hana', 'chandra', 'ann'] },
]

export const rooms: DemoRoom[] = [
  {
    name: 'Centrifugo',
    kind: 'public',
    topic: 'Real-time messaging: channels, recovery, scaling',
    members: ['ann', 'bob', 'chandra', 'dmitri', 'elena', 'farid', 'grace', 'hana'],
    lines: [
      [
        3 * day + 300,
        'dmitri',
        'Moved our dashboards from polling to a personal channel per user. Load on the database dropped to almost nothing.',
      ],
      [3 * day + 297, 'grace', 'How many channels is that in the end?'],
      [
        3 * day + 296,
        'dmitri',
        'One per user, so about 4,000. Each client has a single subscription, and the backend decides who gets what.',
      ],
      [3 * day + 290, 'grace', 'And when somebody is offline for a while?'],
      [
        3 * day + 288,
        'dmitri',
        'History keeps the last 300 publications for ten minutes. Whoever comes back within that gets them replayed.',
      ],
      [
        3 * day + 287,
        'dmitri',
        'After that the client asks the API what changed. The database stays the source of truth either way.',
      ],
      [2 * day + 610, 'ann', 'Does anybody run it behind Nginx? My sockets die after exactly 60 seconds.'],
      [
        2 * day + 607,
        'farid',
        'proxy_read_timeout. The default is 60s, and pings come every 25s only if your client answers them.',
      ],
      [
        2 * day + 606,
        'farid',
        'Also check that you pass the Upgrade and Connection headers:\n\nproxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection "upgrade";',
      ],
      [2 * day + 590, 'ann', 'That was it, thank you!', 'Also check that'],
      [1 * day + 200, 'hana', 'Is it safe to publish straight from the request handler?'],
      [
        1 * day + 197,
        'chandra',
        'It is quick, but if the process dies between commit and publish, nobody hears of it.',
      ],
      [
        1 * day + 195,
        'chandra',
        'An outbox table solves that: write the event in the same transaction, let a consumer publish it.',
      ],
      [1 * day + 190, 'hana', 'So at least once, and the client drops what it sees.'],
      [1 * day + 189, 'chandra', 'Exactly. Versions make that cheap: anything not newer is ignored.'],
      [95, 'bob', 'Reading the docs on delta compression. Tempting for our price feed, less so for chat.'],
      [92, 'dmitri', 'Agreed. Chat messages share too little with each other.'],
      [31, 'grace', 'We just passed 10k connections on one small machine. Memory is at 400 MB.'],
      [29, 'elena', 'Congratulations! What is the CPU doing?', 'We just passed'],
      [27, 'grace', 'Mostly sleeping. Around 6% when everybody is quiet.'],
    ],
  },
  {
    name: 'Movies',
    kind: 'public',
    topic: 'What to watch next, without spoilers please',
    members: ['ann', 'bob', 'elena', 'grace', 'hana', 'farid'],
    lines: [
      [
        4 * day + 100,
        'elena',
        'Watched Stalker again on the big screen. Three hours and I did not look at my phone once.',
      ],
      [4 * day + 96, 'bob', 'The trolley scene alone is worth the ticket.'],
      [4 * day + 90, 'hana', 'Is it a good first Tarkovsky?'],
      [4 * day + 88, 'elena', 'Start with Ivan’s Childhood, it is shorter and warmer. Then Stalker.', 'Is it a good'],
      [
        2 * day + 400,
        'farid',
        'Recommendation for tonight: Chungking Express. You will want to eat pineapple afterwards.',
      ],
      [2 * day + 398, 'grace', 'And listen to California Dreamin’ for a week.'],
      [2 * day + 395, 'farid', 'For a month.'],
      [
        1 * day + 60,
        'ann',
        'The small cinema at the canal shows Playtime on Friday at 20:00. I can get five tickets, who wants one?',
      ],
      [1 * day + 57, 'bob', 'Me!'],
      [1 * day + 55, 'hana', 'Me too, and one for my sister if there are any left.'],
      [1 * day + 40, 'grace', 'I am in.'],
      [1 * day + 39, 'ann', 'Perfect, that makes five. I will bring them along.'],
      [55, 'elena', 'Jealous. Tell me how the restaurant scene looks in 70 mm.'],
      [18, 'bob', 'Does the cinema have seats with leg room? Asking as somebody of 1.96 m.'],
      [16, 'ann', 'Row 7, in the middle. I made sure.'],
      [9, 'hana', 'My sister says thank you, @ann, and that she owes you popcorn.', 'Perfect, that makes'],
    ],
  },
  {
    name: 'Programming',
    kind: 'public',
    topic: 'Code, tools, and why it does not compile',
    members: ['ann', 'bob', 'chandra', 'dmitri', 'farid', 'grace'],
    lines: [
      [
        2 * day + 250,
        'farid',
        'Today I learned that a date without a time is parsed as UTC in JavaScript, and with a time as local.',
      ],
      [2 * day + 248, 'chandra', 'Everybody learns that once, usually in production.'],
      [2 * day + 240, 'farid', 'It was production.'],
      [1 * day + 500, 'bob', 'What do you use for SQL migrations these days? I would like plain files.'],
      [
        1 * day + 497,
        'dmitri',
        'Plain files and thirty lines that run them in order, under an advisory lock. Never looked back.',
      ],
      [1 * day + 494, 'bob', 'And going down again?'],
      [1 * day + 492, 'dmitri', 'Forward only. A mistake gets a new migration. Backups are for the rest.'],
      [
        1 * day + 130,
        'grace',
        'Code review question: a 400-line function with a comment on every line. Be honest or be kind?',
      ],
      [1 * day + 128, 'chandra', 'Both: “this does a lot, could we name the parts?”'],
      [1 * day + 126, 'grace', 'Stealing that.'],
      [
        140,
        'ann',
        'Type stripping in Node is great. No build step for the server, and stack traces have the right lines.',
      ],
      [138, 'farid', 'No enums, though.'],
      [137, 'ann', 'I do not miss them. A union of strings does the same and prints better.'],
      [
        42,
        'chandra',
        'Reminder, @all: the book club does chapter 7 on Thursday. It is the one on transactions, so do read it.',
      ],
      [12, 'dmitri', 'Read it twice. Still afraid of write skew.'],
    ],
  },
  {
    name: 'Football',
    kind: 'public',
    topic: 'Sunday games at the park',
    members: ['ann', 'chandra', 'dmitri', 'elena', 'hana'],
    lines: [
      [5 * day + 30, 'chandra', 'Sunday, 10:00, the usual pitch. Who is coming?'],
      [5 * day + 25, 'hana', 'I am.'],
      [5 * day + 24, 'elena', 'Me, but I have to leave at noon.'],
      [5 * day + 10, 'dmitri', 'Knee says no. I will bring oranges and opinions.'],
      [4 * day + 700, 'chandra', 'We need two more for five a side.'],
      [4 * day + 690, 'ann', 'My neighbour and her brother would join. They are good, unfortunately.'],
      [4 * day + 688, 'chandra', 'Then they play on my team.'],
      [1 * day + 300, 'hana', 'Final score: 8 to 7. I have not run that much since school.'],
      [1 * day + 295, 'dmitri', 'From the sideline it looked like 9 to 7. The referee needs glasses.'],
      [1 * day + 293, 'elena', 'You were the referee.'],
      [75, 'chandra', 'Next Sunday again? The forecast says sun.'],
      [70, 'elena', 'Yes, and this time until the end.'],
    ],
  },
  {
    name: '',
    kind: 'direct',
    topic: '',
    members: ['ann', 'bob'],
    lines: [
      [1 * day + 20, 'bob', 'Did you get the tickets for Thursday?'],
      [1 * day + 12, 'ann', 'Two, in the middle. You owe me popcorn.'],
      [35, 'bob', 'Gladly. Meet at the door at eight?'],
    ],
  },
  {
    name: '',
    kind: 'direct',
    topic: '',
    members: ['ann', 'chandra', 'grace'],
    lines: [
      [3 * day, 'grace', 'The three of us should write down how we deploy, before we forget it.'],
      [3 * day - 6, 'chandra', 'I begin, you two correct.'],
    ],
  },
]
