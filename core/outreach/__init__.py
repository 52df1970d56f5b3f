"""Messages that go out later: announcements, milestones, and cards in communities."""
