locals {
  # 16 bytes in Base64, the same each time: a broker refuses a volume that was formatted for another cluster.
  cluster_id = "A${substr(replace(replace(base64sha256(var.name), "+", "A"), "/", "A"), 0, 20)}A"

  # MiB; as much again is needed outside of it.
  kafka_heap = floor(var.memory.kafka / 2)

  valkey_config = join("\n", [
    "requirepass $VALKEY_PASSWORD",
    "dir /data",
    "appendonly yes",
    "maxmemory ${floor(var.memory.valkey * 0.6)}mb",
    # Nothing of the rule set may be thrown out to make room.
    "maxmemory-policy noeviction",
  ])

  tasks = {
    # Broker and controller in one process: there is no order in which they could start wrongly. What it writes is on the durable
    # volume, and it starts there again after its task or its instance was replaced.
    kafka = {
      volumes = { kafka = "/data/kafka" }

      containers = {
        kafka = {
          image  = var.images.kafka
          user   = "1000:1000"
          cpu    = 64
          memory = var.memory.kafka
          port   = 9092
          mounts = { kafka = "/var/lib/kafka/data" }
          # The image writes its configuration when it starts.
          read_only = false
          scratch   = {}
          # Bash is what the image's own scripts run in; Kafka's tools would start a second Java for each look.
          health       = ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9092"]
          stop_timeout = 90
          environment = {
            CLUSTER_ID                                     = local.cluster_id
            KAFKA_HEAP_OPTS                                = "-Xms${local.kafka_heap}m -Xmx${local.kafka_heap}m"
            KAFKA_NODE_ID                                  = "1"
            KAFKA_PROCESS_ROLES                            = "broker,controller"
            KAFKA_CONTROLLER_QUORUM_VOTERS                 = "1@127.0.0.1:9093"
            KAFKA_CONTROLLER_LISTENER_NAMES                = "CONTROLLER"
            KAFKA_LISTENERS                                = "PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093"
            KAFKA_ADVERTISED_LISTENERS                     = "PLAINTEXT://${local.kafka}:9092"
            KAFKA_LISTENER_SECURITY_PROTOCOL_MAP           = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
            KAFKA_LOG_DIRS                                 = "/var/lib/kafka/data"
            KAFKA_AUTO_CREATE_TOPICS_ENABLE                = "false"
            KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR         = "1"
            KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR = "1"
            KAFKA_TRANSACTION_STATE_LOG_MIN_ISR            = "1"
            # A partition's log ends at 100 MB or a week, so that the volume holds all of them.
            KAFKA_LOG_RETENTION_BYTES = "100000000"
            KAFKA_LOG_RETENTION_HOURS = "168"
            KAFKA_LOG_SEGMENT_BYTES   = "20000000"
          }
        }
      }
    }

    # In one task because a small instance has interfaces for two of them.
    databases = {
      volumes = { postgres = "/data/postgres", valkey = "/data/valkey" }

      containers = {
        postgres = {
          image        = var.images.postgres
          user         = "999:999"
          cpu          = 64
          memory       = var.memory.postgres
          port         = 5432
          mounts       = { postgres = "/var/lib/postgresql" }
          scratch      = { "/tmp" = 16, "/var/run/postgresql" = 1 }
          command      = ["postgres", "-c", "shared_buffers=32MB", "-c", "max_connections=80", "-c", "work_mem=2MB", "-c", "max_wal_size=512MB"]
          health       = ["CMD", "pg_isready", "--host=127.0.0.1", "--username=alerting", "--dbname=alerting"]
          stop_timeout = 90
          environment = {
            POSTGRES_USER = "alerting"
            POSTGRES_DB   = "alerting"
            PGDATA        = "/var/lib/postgresql/pgdata"
          }
          secrets = { POSTGRES_PASSWORD = var.secrets.postgres }
        }
        valkey = {
          image  = var.images.valkey
          user   = "999:999"
          cpu    = 64
          memory = var.memory.valkey
          port   = 6379
          mounts = { valkey = "/data" }
          # By its standard input, so that the password is in no list of processes.
          entry_point = ["sh", "-c"]
          command     = ["exec valkey-server - <<CONFIG\n${local.valkey_config}\nCONFIG"]
          health      = ["CMD-SHELL", "REDISCLI_AUTH=\"$VALKEY_PASSWORD\" valkey-cli ping | grep -q PONG"]
          secrets     = { VALKEY_PASSWORD = var.secrets.valkey }
        }
      }
    }
  }
}
