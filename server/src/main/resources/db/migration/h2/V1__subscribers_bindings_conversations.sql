-- Every address of a provisioned subscriber; its primary one has address = subscriber.
CREATE TABLE subscriber_address (
  address    VARCHAR(1024) PRIMARY KEY,
  subscriber VARCHAR(1024) NOT NULL
);
CREATE INDEX subscriber_address_of ON subscriber_address (subscriber);

-- H(username:realm:password), one row for each algorithm. Passwords are never stored.
CREATE TABLE digest_credential (
  username   VARCHAR(1024) NOT NULL,
  algorithm  VARCHAR(32)   NOT NULL,
  ha1        VARCHAR(128)  NOT NULL,
  subscriber VARCHAR(1024) NOT NULL,
  PRIMARY KEY (username, algorithm)
);
CREATE INDEX digest_credential_of ON digest_credential (subscriber);

-- A Contact bound to a subscriber (RFC 3261 section 10). The subscriber may be known by the file only, so nothing refers to it.
-- name: instance and reg-id (RFC 5626 section 6), else the Contact URI. parameters and path: JSON.
CREATE TABLE binding (
  subscriber VARCHAR(1024) NOT NULL,
  source     VARCHAR(32)   NOT NULL,
  name       VARCHAR(70000) NOT NULL,
  instance   VARCHAR(70000) NOT NULL,
  contact    VARCHAR(70000) NOT NULL,
  parameters VARCHAR(1000000) NOT NULL,
  call_id    VARCHAR(70000) NOT NULL,
  cseq       BIGINT NOT NULL,
  path       VARCHAR(1000000) NOT NULL,
  since      TIMESTAMP(9) WITH TIME ZONE NOT NULL,
  updated    TIMESTAMP(9) WITH TIME ZONE NOT NULL,
  expires    TIMESTAMP(9) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (subscriber, source, name)
);

-- kept: grows with every time it was kept, so the latest comes first.
CREATE SEQUENCE conversation_kept;
CREATE TABLE conversation (
  id          VARCHAR(128) PRIMARY KEY,
  multi_party BOOLEAN NOT NULL,
  kept        BIGINT  NOT NULL
);

CREATE TABLE conversation_participant (
  conversation VARCHAR(128)  NOT NULL,
  subscriber   VARCHAR(1024) NOT NULL,
  position     BIGINT GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (conversation, subscriber)
);
CREATE INDEX conversation_participant_of ON conversation_participant (subscriber);

-- Conversation-ID and Contribution-ID as clients gave them (OMA CPM). One name may stand for several conversations.
CREATE TABLE conversation_name (
  conversation VARCHAR(128)  NOT NULL,
  name         VARCHAR(70000) NOT NULL,
  position     BIGINT GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (conversation, name)
);
CREATE INDEX conversation_name_age ON conversation_name (conversation, position);
