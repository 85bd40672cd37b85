"""What a feed is applied to: tables elsewhere that follow the registry, each batch in one commit with its position."""
