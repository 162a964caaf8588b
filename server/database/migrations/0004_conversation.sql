-- What a conversation is made of beside its messages.

alter table messages
  -- What a system line tells (contracts/messages).
  add column system jsonb,
  -- Where a forwarded message was first said.
  add column forwarded jsonb;
