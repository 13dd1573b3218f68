output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Subnets with a way to the internet, in the order of the zones."
  value       = [for zone in var.zones : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "Subnets that nobody outside reaches, in the order of the zones."
  value       = [for zone in var.zones : aws_subnet.private[zone].id]
}

output "nat_addresses" {
  description = "Public addresses that what is in private subnets comes from; for receivers that allow by address."
  value       = [for address in aws_eip.nat : address.public_ip]
}
