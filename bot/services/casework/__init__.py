"""What staff do with cases: see the queue, take a case, talk to the customer, give the conversation back."""
