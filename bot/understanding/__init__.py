"""What a message means: intent, topics of the policy, language; without Rasa, so that any tool can use it."""
