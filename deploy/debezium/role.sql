-- The role of Debezium: it may follow changes, and read this one table. Its password comes as a setting of the session,
-- so that it stands in no file: `set grandchat.cdc_password = '…'`.
do $$
begin
  if not exists (select from pg_roles where rolname = 'grandchat_cdc') then
    create role grandchat_cdc;
  end if;
  execute format('alter role grandchat_cdc login replication password %L', current_setting('grandchat.cdc_password'));
end
$$;
grant usage on schema public to grandchat_cdc;
grant select on chat_cdc to grandchat_cdc;
