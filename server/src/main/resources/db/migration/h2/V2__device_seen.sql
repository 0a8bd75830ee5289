-- Until when a device is or was bound; outlives its bindings, so that its cursors can die a set time afterwards.
CREATE TABLE device_seen (
  subscriber VARCHAR(1024)  NOT NULL,
  instance   VARCHAR(70000) NOT NULL,
  until      TIMESTAMP(9) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (subscriber, instance)
);
INSERT INTO device_seen (subscriber, instance, until)
  SELECT subscriber, instance, MAX(expires) FROM binding GROUP BY subscriber, instance;
CREATE INDEX device_seen_until ON device_seen (until);
