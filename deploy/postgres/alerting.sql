-- Run once, when the database cluster is new: a role for the platform that owns its database, and may do no more.
\set password `cat /run/secrets/alerting_postgres_password`
CREATE ROLE alerting LOGIN PASSWORD :'password';
CREATE DATABASE alerting OWNER alerting;
REVOKE CONNECT ON DATABASE alerting FROM PUBLIC;
