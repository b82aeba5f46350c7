"""Group links, code sheets and paper for classes, and the facilitator's page."""
