"""The API for other help desks: cases to claim and answer, requests to read; docs/api/machines.openapi.yaml."""
