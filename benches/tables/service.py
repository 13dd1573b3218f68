"""rule-service as a process, but for the broker, which is in its memory: nothing here is about messages."""

from alerting.rule_service.app import make_app
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.broker.memory import AsyncMemoryProducer, MemoryBroker
from alerting.runtime.web import run_web

if __name__ == "__main__":
    settings = RuleServiceSettings()
    run_web(settings, "rule-service", lambda web: make_app(web, settings, AsyncMemoryProducer(MemoryBroker())))
