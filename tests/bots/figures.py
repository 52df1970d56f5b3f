"""Reads what Prometheus would read."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from bots.common.metrics import Metrics


def figure(metrics: Metrics | str, name: str, **labels: str) -> float:
    """The value of a sample; 0 if it does not exist."""
    text = metrics if isinstance(metrics, str) else metrics.text().decode()
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return sum(sample.value for sample in samples if sample.name == name and sample.labels == labels)
